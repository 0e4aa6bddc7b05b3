tpl 1.15 module Demo.Hosts;

syncmapping Host_Server 1.0
    """
    A host is a server. One that the CMDB knows, too, is found by its name.

    A cluster belongs to all hosts that are members of it; the guests of a host are roots of their own, and are only referred to.
    """
    overview
        tags Demo;
    end overview;

    mapping on Host as host
        server -> Server;
        traverse Member:Collection:Collection:Cluster as cluster
            cluster_ci -> Cluster;
        end traverse;
        traverse HostContainer:HostContainment:ContainedHost:Host as guest
            guest_ci -> Server;
        end traverse;
    end mapping;

    body
        server := sync.Server(
            key := host.key,
            name := host.name,
            operatingSystem := host.operating_sytem,
            memory := host.memory,
            model := host.model,
            serial := host.serial,
            site := host.site
        );
        for each cluster do
            cluster_ci := sync.shared.Cluster(key := cluster.key, name := cluster.name, kind := cluster.type);
            sync.rel.MemberOf(Source := server, Destination := cluster_ci);
        end for;
        for each guest do
            guest_ci := sync.external.Server(key := guest.key);
            sync.rel.Virtualizes(Source := server, Destination := guest_ci);
        end for;
    end body;
end syncmapping;
