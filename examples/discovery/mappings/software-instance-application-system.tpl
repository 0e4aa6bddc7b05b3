tpl 1.15 module CMDB.SoftwareInstance_ApplicationSystem;

from CMDB.SoftwareInstance_SoftwareServer import SoftwareInstance_SoftwareServer 4.0;

syncmapping SoftwareInstance_ApplicationSystem 2.0
    """
    Software that consists of other software, on whatever hosts that runs; and the business application that it serves.

    Each host sees the part that it runs, so that both are shared.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from SoftwareInstance_SoftwareServer.si_node as si_node
        traverse ContainedSoftware:SoftwareContainment:SoftwareContainer:SoftwareInstance
                as whole_node
            applicationsystem -> BMC_ApplicationSystem;
            traverse ContainedSoftware:SoftwareContainment:SoftwareContainer:BusinessApplicationInstance
                    as bai
                application -> BMC_Application;
            end traverse;
        end traverse;
    end mapping;

    body
        softwareserver := SoftwareInstance_SoftwareServer.softwareserver;
        for each whole_node do
            applicationsystem := sync.shared.BMC_ApplicationSystem(
                key := whole_node.key,
                Name := whole_node.name or whole_node.type,
                ShortDescription := whole_node.short_name or whole_node.type,
                Description := whole_node.type,
                TokenId := "ADDM:" + text.hash(whole_node.key),
                Model := whole_node.type,
                VersionNumber := whole_node.version,
                InstanceName := whole_node.instance,
                Category := "Software",
                Type := "Software Application/System",
                Item := "BMC Discovered"
            );
            sync.rel.BMC_Component(
                Source := applicationsystem,
                Destination := softwareserver,
                Name := "APPLICATIONSYSTEMSERVICES",
                Impacted := applicationsystem
            );

            for each bai do
                application := sync.shared.BMC_Application(
                    key := bai.key,
                    Name := bai.name,
                    ShortDescription := bai.name,
                    Description := bai.type,
                    TokenId := "ADDM:" + text.hash(bai.key),
                    Model := bai.type,
                    VersionNumber := bai.version,
                    Category := "Software",
                    Type := "Application",
                    Item := "BMC Discovered"
                );
                sync.rel.BMC_Dependency(
                    Source := applicationsystem,
                    Destination := application,
                    Name := "APPLICATIONSYSTEMCOMPONENT",
                    Impacted := application
                );
            end for;
        end for;
    end body;
end syncmapping;
