tpl 1.15 module CMDB.IPAddress_Subnet;

from CMDB.NetworkInterface_Endpoints import NetworkInterface_Endpoints 3.0;

syncmapping IPAddress_Subnet 1.0
    """
    The subnet of an address.

    All hosts of a subnet say the same of it, and none owns it: it is shared, and goes with the last of them.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from NetworkInterface_Endpoints.ip_node as ip_node
        traverse DeviceOnSubnet:DeviceSubnet:Subnet:Subnet as subnet_node
            subnet -> BMC_IPConnectivitySubnet;
        end traverse;
    end mapping;

    body
        for each subnet_node do
            subnet := sync.shared.BMC_IPConnectivitySubnet(
                key := subnet_node.key,
                Name := subnet_node.ip_address_range,
                NameFormat := "IP",
                ShortDescription := subnet_node.ip_address_range,
                TokenId := "ADDM:" + text.hash(subnet_node.key),
                SubnetNumber := text.split(subnet_node.ip_address_range, "/")[0],
                SubnetMask := subnet_node.netmask,
                Category := "Network",
                Type := "Subnet",
                Item := "IP Subnet"
            );
            sync.rel.BMC_InIPSubnet(
                Source := subnet,
                Destination := NetworkInterface_Endpoints.ip_ep,
                Name := "INIPSUBNET"
            );
        end for;
    end body;
end syncmapping;
