tpl 1.15 module CMDB.NetworkInterface_Endpoints;

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;

syncmapping NetworkInterface_Endpoints 3.0
    """Interfaces of a host with a MAC address, and the IP addresses that are bound to its interfaces."""
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from Host_ComputerSystem.host as host
        traverse DeviceWithInterface:DeviceInterface:InterfaceOfDevice:NetworkInterface as ni_node
            lan_ep -> BMC_LANEndpoint;
            traverse InterfaceWithAddress:InterfaceAddress::IPAddress as ip_node
                ip_ep -> BMC_IPEndpoint;
            end traverse;
        end traverse;
    end mapping;

    body
        computersystem := Host_ComputerSystem.computersystem;
        for each ni_node do
            if ni_node.mac_addr then
                lan_ep := sync.BMC_LANEndpoint(
                    key := ni_node.key,
                    Name := ni_node.mac_addr,
                    NameFormat := "MAC",
                    ShortDescription := ni_node.name,
                    Description := ni_node.name,
                    TokenId := "ADDM:" + text.hash(ni_node.key),
                    MACAddress := ni_node.mac_addr,
                    Speed := ni_node.speed,
                    Category := "Network",
                    Type := "Address",
                    Item := "MAC Address"
                );
                sync.rel.BMC_HostedAccessPoint(
                    Source := computersystem,
                    Destination := lan_ep,
                    Name := "HOSTEDACCESSPOINT"
                );
            end if;

            for each ip_node do
                address_type := 1;
                if ip_node.address_type = "IPv6" then
                    address_type := 2;
                end if;
                ip_ep := sync.BMC_IPEndpoint(
                    key := ip_node.key,
                    Name := ip_node.ip_addr,
                    NameFormat := "IP",
                    ShortDescription := ip_node.ip_addr,
                    TokenId := "ADDM:" + text.hash(ip_node.key),
                    Address := ip_node.ip_addr,
                    AddressType := address_type,
                    SubnetMask := ip_node.netmask,
                    DNSHostName := ip_node.fqdn,
                    Category := "Network",
                    Type := "Address",
                    Item := "IP Address"
                );
                sync.rel.BMC_HostedAccessPoint(
                    Source := computersystem,
                    Destination := ip_ep,
                    Name := "HOSTEDACCESSPOINT"
                );
                if lan_ep then
                    sync.rel.BMC_Dependency(
                        Source := lan_ep,
                        Destination := ip_ep,
                        Name := "BINDSTO"
                    );
                end if;
            end for;
        end for;
    end body;
end syncmapping;
