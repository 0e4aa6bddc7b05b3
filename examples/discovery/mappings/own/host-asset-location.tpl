tpl 1.15 module Own.Host_AssetLocation;

// An extension: it runs after the mapping that it extends and adds to what that has made. When the mappings of CMDB.* are renewed, it
// stays as it is.

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;

syncmapping Host_AssetLocation 1.0
    """Where a computer stands."""
    overview
        tags CMDB, Own;
    end overview;

    mapping from Host_ComputerSystem.host as host
        traverse ElementInLocation:Location:Location:Location as location
        end traverse;
    end mapping;

    body
        computersystem := Host_ComputerSystem.computersystem;
        for each location do
            computersystem.AssetLocation := location.name;
        end for;
    end body;
end syncmapping;
