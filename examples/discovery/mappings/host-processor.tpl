tpl 1.15 module CMDB.Host_Processor;

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;

syncmapping Host_Processor 1.1
    """
    Processors of a host.

    Discovery finds one node for each socket. Those of one type are one processor in the CMDB, which has the cores of all.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from Host_ComputerSystem.host as host
        traverse Host:Detail:Hardware:ProcessorInfo as processor_info
            group processors
                processor -> BMC_Processor;
                expand group as socket
                end expand;
            end group;
        end traverse;
    end mapping;

    body
        for each processor_info do
            processor_type := processor_info.processor_type or "Processor";
            group processors with processor_type do
                cores := 0;
                for each socket do
                    cores := cores + (socket.cores or 1);
                end for;
                processor := sync.BMC_Processor(
                    key := "%host.key%/%processor_type%",
                    Name := processor_type,
                    ShortDescription := processor_type,
                    TokenId := "ADDM:" + text.hash("%host.key%/%processor_type%"),
                    ManufacturerName := processor_info.vendor,
                    Model := processor_type,
                    MaxClockSpeed := processor_info.speed,
                    NumberOfCores := cores,
                    Category := "Hardware",
                    Type := "Component",
                    Item := "CPU"
                );
                sync.rel.BMC_HostedSystemComponents(
                    Source := Host_ComputerSystem.computersystem,
                    Destination := processor,
                    Name := "SYSTEMHARDWARE"
                );
            end group;
        end for;
    end body;
end syncmapping;
