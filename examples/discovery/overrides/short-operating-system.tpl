tpl 1.15 module Own.Short_OperatingSystem;

// An override: it takes the place of a mapping, and stays when the mappings of CMDB.* are renewed. Whatever of the original is wanted
// still has to be said again. It is not among the mappings; load it with them to see what becomes of the operating systems.

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;
from CMDB.Host_OperatingSystem import Host_OperatingSystem 2.2;

syncmapping Short_OperatingSystem 2.2
    """Operating systems by their type alone, without build numbers that change with every patch."""
    overview
        tags CMDB, Own;
        overrides Host_OperatingSystem;
    end overview;

    mapping from Host_ComputerSystem.host as host
        operatingsystem -> BMC_OperatingSystem;
    end mapping;

    body
        name := host.os_type or host.os;
        if not name then
            stop;
        end if;
        operatingsystem := sync.BMC_OperatingSystem(
            key := host.key,
            Name := name,
            ShortDescription := name,
            TokenId := "ADDM:" + text.hash(host.key),
            ManufacturerName := host.os_vendor,
            MarketVersion := host.os_version
        );
        sync.rel.BMC_HostedSystemComponents(
            Source := Host_ComputerSystem.computersystem,
            Destination := operatingsystem,
            Name := "SYSTEMOS"
        );
    end body;
end syncmapping;
