tpl 1.19 module Facts.Hosts;

syncmapping Hosts 1.0
    """A computer for each host, with its system and its address."""
    overview
        tags Facts;
    end overview;

    mapping on Host as host
        computer -> Computer;
    end mapping;

    body
        computer := sync.Computer(
            key := host.key,
            Name := host.name,
            Platform := "%host.distribution% %host.distribution_version%",
            Address := host.default_ipv4_address
        );
    end body;
end syncmapping;
