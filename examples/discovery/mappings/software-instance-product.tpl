tpl 1.15 module CMDB.SoftwareInstance_Product;

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;
from CMDB.SyncConfig import Config 1.2;

syncmapping SoftwareInstance_Product 1.6
    """
    Products that are installed on a host, as its running software shows.

    However many instances of one version run, it is installed once: they are one group. Software of a product whose version is
    not known is left out, for the version is a part of what tells products apart.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from Host_ComputerSystem.host as host
        traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance
                where version exists
                as softwareinstance
            traverse Element:Maintainer:Pattern:Pattern as si_pattern
            end traverse;
            group products
                product -> BMC_Product;
            end group;
        end traverse;
    end mapping;

    body
        for each softwareinstance do
            publisher := softwareinstance.publisher;
            for each si_pattern do
                publisher := publisher or si_pattern.publisher;
            end for;
            product_id := "%softwareinstance.type%/%softwareinstance.version%";
            group products with product_id do
                product := sync.BMC_Product(
                    key := "%host.key%/%product_id%",
                    Name := "%softwareinstance.type% %softwareinstance.version%",
                    ShortDescription := softwareinstance.type,
                    TokenId := "ADDM:" + text.hash("%host.key%/%product_id%"),
                    ManufacturerName := publisher or Config.default_publisher,
                    Model := softwareinstance.type,
                    VersionNumber := softwareinstance.version,
                    MarketVersion := softwareinstance.product_version,
                    Category := "Software",
                    Type := "Software Application/System",
                    Item := "BMC Discovered"
                );
                sync.rel.BMC_HostedSystemComponents(
                    Source := Host_ComputerSystem.computersystem,
                    Destination := product,
                    Name := "INSTALLEDSOFTWARE"
                );
            end group;
        end for;
    end body;
end syncmapping;
