tpl 1.15 module CMDB.Database;

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;
from CMDB.SoftwareInstance_SoftwareServer import SoftwareInstance_SoftwareServer 4.0;

syncmapping Database 2.4
    """
    Databases of a database server.

    A database is recognised by the computer that it is on, which is why this runs after Host_TokenId: mappings that extend one
    host run in the order in which their modules are loaded.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from SoftwareInstance_SoftwareServer.si_node as si_node
        traverse ElementWithDetail:Detail:Detail:Database as database_node
            database_ci -> BMC_DataBase;
        end traverse;
    end mapping;

    body
        hosting_ci := Host_ComputerSystem.computersystem;
        softwareserver := SoftwareInstance_SoftwareServer.softwareserver;
        for each database_node do
            host_token := hosting_ci.TokenId or hosting_ci.Name;
            si_instance := si_node.instance or "";
            token := "%host_token%:%database_node.type%:%si_instance%:%database_node.instance%";
            if database_node.cloud then
                token := "ADDM:%database_node.key%";
            end if;
            database_ci := sync.BMC_DataBase(
                key := database_node.key,
                Name := "%database_node.instance% on %hosting_ci.Name%",
                ShortDescription := database_node.instance,
                Description := database_node.type,
                TokenId := token,
                Model := database_node.type,
                InstanceName := database_node.instance,
                VersionNumber := database_node.version or si_node.version,
                Category := "Software",
                Type := "Database",
                Item := "BMC Discovered"
            );
            sync.rel.BMC_HostedSystemComponents(
                Source := softwareserver,
                Destination := database_ci,
                Name := "MANAGEDDATABASE",
                Impacted := database_ci
            );
        end for;
    end body;
end syncmapping;
