tpl 1.19 module Dpkg.Packages;

syncmapping Packages 1.0
    """The packages of a Debian system."""
    overview
        tags Dpkg;
    end overview;

    mapping on Host as host
        computer -> Computer;
        traverse Host:HostPackage:Package:Package as package
            installed -> Software;
        end traverse;
    end mapping;

    body
        computer := sync.Computer(key := host.key, Name := host.name);
        for each package do
            installed := sync.Software(
                key := package.key,
                Name := package.name,
                Version := package.version
            );
            sync.rel.Installed(Source := computer, Destination := installed);
        end for;
    end body;
end syncmapping;
