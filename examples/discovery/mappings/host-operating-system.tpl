tpl 1.15 module CMDB.Host_OperatingSystem;

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;

table os_types 1.0
    "What the CMDB calls a class of operating systems"
    "Windows" -> "Windows";
    "UNIX" -> "Unix";
    default -> "Other";
end table;

syncmapping Host_OperatingSystem 2.2
    """The operating system of a host: there is one, and it goes with the host."""
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from Host_ComputerSystem.host as host
        operatingsystem -> BMC_OperatingSystem;
    end mapping;

    body
        if not host.os then
            stop;
        end if;

        short_description := host.os_type or host.os;
        if host.os_type and host.os_version then
            short_description := "%host.os_type% %host.os_version%";
        end if;
        operatingsystem := sync.BMC_OperatingSystem(
            key := host.key,
            Name := host.os,
            ShortDescription := short_description,
            Description := host.os,
            TokenId := "ADDM:" + text.hash(host.key),
            ManufacturerName := host.os_vendor,
            Model := host.os_type,
            MarketVersion := host.os_version,
            VersionNumber := host.os_version,
            BuildNumber := host.os_build,
            OSType := os_types[host.os_class],
            Category := "Software",
            Type := "Operating System Software",
            Item := "Standard OS"
        );
        sync.rel.BMC_HostedSystemComponents(
            Source := Host_ComputerSystem.computersystem,
            Destination := operatingsystem,
            Name := "SYSTEMOS"
        );
    end body;
end syncmapping;
