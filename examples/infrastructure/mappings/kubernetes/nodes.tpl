tpl 1.19 module Kubernetes.Nodes;

syncmapping Nodes 1.0
    """A computer for each node of a cluster, and the pods that run on it."""
    overview
        tags Kubernetes;
    end overview;

    mapping on Node as node
        computer -> Computer;
        traverse Host:Hosting:Hosted:Pod as pod
            workload -> Workload;
            traverse Backend:Endpoint:Service:Service as answered
                service -> Service;
            end traverse;
        end traverse;
    end mapping;

    body
        computer := sync.Computer(
            key := node.key,
            Name := node.name,
            KubeletVersion := node.kubelet_version
        );
        for each pod do
            workload := sync.Workload(
                key := pod.key,
                Name := pod.name,
                Namespace := pod.namespace,
                Images := text.join(pod.images or [], ", ")
            );
            sync.rel.RunsOn(Source := workload, Destination := computer);
            for each answered do
                service := sync.shared.Service(
                    key := answered.key,
                    Name := answered.name,
                    Ports := text.join(answered.ports or [], ", ")
                );
                sync.rel.Answers(Source := workload, Destination := service);
            end for;
        end for;
    end body;
end syncmapping;
