tpl 1.15 module Demo.Software;

from Demo.Hosts import Host_Server 1.0;

syncmapping Host_Software 1.0
    """The software that runs on a host, its databases, and the other software that it connects to."""
    overview
        tags Demo;
    end overview;

    mapping from Host_Server.host as host
        traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as instance
            software -> Software;
            traverse ElementWithDetail:Detail:Detail:Database as database
                database_ci -> Database;
            end traverse;
            traverse Client:Communication:Server:SoftwareInstance as used
                used_ci -> Software;
            end traverse;
        end traverse;
    end mapping;

    body
        server := Host_Server.server;
        for each instance do
            numbers := text.split(instance.version, ".");
            software := sync.Software(
                key := instance.key,
                name := "%instance.type% on %host.name%",
                product := instance.type,
                version := instance.version,
                release := numbers[0] + "." + numbers[1],
                port := instance.port
            );
            sync.rel.Hosts(Source := server, Destination := software);
            for each database do
                database_ci := sync.Database(
                    key := database.key,
                    name := database.name,
                    engine := instance.type,
                    size := database.size
                );
                sync.rel.Holds(Source := software, Destination := database_ci);
            end for;
            for each used do
                used_ci := sync.external.Software(key := used.key);
                sync.rel.Uses(Source := software, Destination := used_ci);
            end for;
        end for;
    end body;
end syncmapping;
