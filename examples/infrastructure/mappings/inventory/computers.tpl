tpl 1.19 module Inventory.Computers;

syncmapping Computers 1.0
    """A computer and its software, as an agent has found it."""
    overview
        tags Inventory;
    end overview;

    mapping on Host as host
        computer -> Computer;
        traverse Host:HostSoftware:Software:Software as software
            installed -> Software;
        end traverse;
    end mapping;

    body
        computer := sync.Computer(
            key := host.key,
            Name := host.name,
            SerialNumber := host.bios_ssn
        );
        for each software do
            installed := sync.Software(
                key := software.key,
                Name := software.name,
                Version := software.version
            );
            sync.rel.Installed(Source := computer, Destination := installed);
        end for;
    end body;
end syncmapping;
