tpl 1.15 module CMDB.Host_ComputerSystem;

metadata
    origin := "Sluice, examples/discovery";
end metadata;

table host_types 1.0
    "What a type of host is in the CMDB: item and primary capability"
    "Desktop" -> "Desktop", "Desktop";
    "Laptop" -> "Laptop", "Laptop";
    "Mainframe" -> "Server", "Mainframe";
    default -> "Server", "Server";
end table;

syncmapping Host_ComputerSystem 2.5
    """
    A host is a computer system.

    Everything else that is found on a host extends this mapping. It goes to no other node, so that a host that was destroyed
    is deleted at once. Its TokenId is the matter of Host_TokenId.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping on Host as host
        computersystem -> BMC_ComputerSystem;
    end mapping;

    body
        name := host.fqdn or host.hostname or host.name;
        name_format := "IP";
        if host.fqdn then
            name_format := "DNS";
        elif host.hostname then
            name_format := "HostName";
        end if;

        description := host.hostname;
        if host.hostname and host.fqdn then
            description := "%host.hostname%:%host.fqdn%";
        end if;

        is_virtual := void;
        if host.virtual then
            is_virtual := "Yes";
        end if;
        is_cloud := void;
        if host.cloud then
            is_cloud := "Yes";
        end if;

        host_type := host_types[host.host_type];
        computersystem := sync.BMC_ComputerSystem(
            key := host.key,
            Name := name,
            NameFormat := name_format,
            ShortDescription := name,
            Description := description,
            HostName := host.hostname,
            Domain := host.dns_domain,
            Workgroup := host.workgroup,
            ManufacturerName := host.vendor,
            Model := host.model,
            SerialNumber := host.serial,
            PartitionId := host.partition_id,
            TotalPhysicalMemory := host.ram,
            LastScanDate := host.last_update_success,
            isVirtual := is_virtual,
            isCloud := is_cloud,
            CloudID := host.cloud_id,
            VirtualSystemType := host.vm_class,
            CapabilityList := host_type[0],
            PrimaryCapability := host_type[1],
            Category := "Hardware",
            Type := "Processing unit",
            Item := host_type[0]
        );
    end body;
end syncmapping;
