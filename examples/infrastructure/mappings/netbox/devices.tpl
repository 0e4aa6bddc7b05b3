tpl 1.19 module NetBox.Devices;

syncmapping Devices 1.0
    """A computer for each device, with the site it stands in."""
    overview
        tags NetBox;
    end overview;

    mapping on Device as device
        computer -> Computer;
        traverse Device:Site:Site:Site as site
        end traverse;
    end mapping;

    body
        place := void;
        for each site do
            place := site.name;
        end for;
        computer := sync.Computer(
            key := device.key,
            Name := device.name,
            SerialNumber := device.serial,
            Site := place
        );
    end body;
end syncmapping;
