tpl 1.15 module CMDB.Host_Cluster;

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;

syncmapping Host_Cluster 3.0
    """
    The cluster that a host is a member of.

    A cluster goes on when one of its members does not, so that each of them impacts it by its share. The relationship in the
    source says how much that is.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from Host_ComputerSystem.host as host
        traverse Member:Collection:Collection:Cluster as cluster_rel, cluster
            cluster_ci -> BMC_Cluster;
        end traverse;
    end mapping;

    body
        computersystem := Host_ComputerSystem.computersystem;
        for each cluster do
            token := "ADDM:" + text.hash(cluster.key);
            if cluster.cloud then
                token := cluster.key;
            end if;
            cluster_ci := sync.shared.BMC_Cluster(
                key := cluster.key,
                Name := cluster.name,
                ShortDescription := cluster.name,
                Description := cluster.type,
                TokenId := token,
                ManufacturerName := cluster.vendor,
                ClusterType := cluster.type,
                Category := "Hardware",
                Type := "Cluster",
                Item := "Cluster"
            );
            sync.rel.BMC_MemberOfCollection(
                Source := cluster_ci,
                Destination := computersystem,
                Name := "MEMBEROFCOLLECTION"
            );
            sync.rel.BMC_Component(
                Source := computersystem,
                Destination := cluster_ci,
                Name := "CLUSTEREDSYSTEM",
                Impacted := cluster_ci,
                ImpactWeight := cluster_rel.impact_weight
            );
        end for;
    end body;
end syncmapping;
