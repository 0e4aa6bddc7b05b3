tpl 1.15 module Demo.Applications;

from Demo.Software import Host_Software 1.0;

syncmapping Software_Application 1.0
    """The business application that software is part of. Each host knows the part that it runs, so that the application is shared."""
    overview
        tags Demo;
    end overview;

    mapping from Host_Software.instance as instance
        traverse ContainedSoftware:SoftwareContainment:SoftwareContainer:BusinessApplicationInstance
                as part, application
            application_ci -> BusinessApplication;
        end traverse;
    end mapping;

    body
        for each application do
            application_ci := sync.shared.BusinessApplication(
                key := application.key,
                name := application.name,
                criticality := application.criticality
            );
            sync.rel.Supports(
                Source := Host_Software.software,
                Destination := application_ci,
                share := part.share
            );
        end for;
    end body;
end syncmapping;
