tpl 1.15 module CMDB.SyncConfig;

configuration Config 1.2
    "Settings of all mappings of this folder"
    "Who is named as the manufacturer of software that no pattern knows" default_publisher := "Unknown";
    "Whether names of software say on which computer it runs" cs_in_ci_name := true;
end configuration;
