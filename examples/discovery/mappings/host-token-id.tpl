tpl 1.15 module CMDB.Host_TokenId;

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;

table virtual_tokens 1.0
    "By what a virtual host runs in: the prefix of its TokenId, and the attribute that comes after it"
    "Alibaba Cloud" -> "ALIBABA-ID", "alibaba_instance_id";
    "Amazon Web Services" -> "AWS-ID", "aws_instance_id";
    "Google Cloud Platform" -> "GCP-ID", "gce_instance_id";
    "IBM Cloud" -> "IBM-ID", "instance_id";
    "Microsoft Azure" -> "AZURE-ID", "azure_vm_id";
    "Oracle Cloud Infrastructure" -> "OCI-ID", "ocid";
    "AHV" -> "AHV-UUID", "uuid";
    "KVM" -> "KVM-UUID", "uuid";
    "RHEV" -> "KVM-UUID", "uuid";
    "VMware" -> "VI-UUID", "uuid";
    "Xen" -> "XEN-ID", "uuid";
    "OVM" -> "XEN-ID", "uuid";
    default -> "", "";
end table;

syncmapping Host_TokenId 1.0
    """
    The TokenId of a host, by which reconciliation recognises a computer that other sources know, too.

    A host of its own is known by its name, one in a cloud or on a hypervisor by what that calls it. Hyper-V tells the UUID of a
    virtual machine to the physical one alone, so that a host has it when both are linked.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from Host_ComputerSystem.host as host
        traverse ContainedHost:HostContainment:HostContainer:VirtualMachine
                where vm_type = "Hyper-V"
                as hyperv_vm
        end traverse;
    end mapping;

    body
        token := host.__cdm_override_token_id;
        if not token and not host.virtual and not host.cloud then
            token := host.hostname;
            if host.hostname and host.dns_domain then
                token := "%host.hostname%:%host.dns_domain%";
            end if;
        end if;

        prefix := virtual_tokens[host.cloud_provider or host.vm_class][0];
        id := host[virtual_tokens[host.cloud_provider or host.vm_class][1]];
        if prefix = "VI-UUID" then
            // With dashes in it, however the host writes it.
            id := regex.extract(
                text.replace(text.replace(id, "-", ""), " ", ""),
                regex "^(.{8})(.{4})(.{4})(.{4})(.{12})$",
                raw "\1-\2-\3-\4-\5"
            );
        end if;
        if not token and id then
            token := "%prefix%:%id%";
        end if;

        for each hyperv_vm do
            if not token and hyperv_vm.vm_uuid then
                token := "HYPERV-ID:%hyperv_vm.vm_uuid%";
            end if;
        end for;

        computersystem := Host_ComputerSystem.computersystem;
        computersystem.TokenId := token;
    end body;
end syncmapping;
