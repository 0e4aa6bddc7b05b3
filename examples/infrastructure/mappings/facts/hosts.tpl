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
        // Ansible calls it one way, Facter another.
        system := host.distribution or host.os_name;
        release := host.distribution_version or host.os_release_full;
        computer := sync.Computer(
            key := host.key,
            Name := host.name,
            Platform := "%system% %release%",
            Address := host.default_ipv4_address or host.networking_ip
        );
    end body;
end syncmapping;
