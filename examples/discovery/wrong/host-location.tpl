tpl 1.15 module Own.Host_Location;

// Four mistakes, to see what "sluice mapping check" and an editor say of them.

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;

syncmapping Host_Location 1.0
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
            computersystem.AssetLocaton := locaton.name;
            shelf := location.shelf
        end for;
        sync.rel.BMC_HostedAccessPoint(Source := computersystem, Destination := computersystem, Name := "ITSELF");
    end body;
end syncmapping;
