

// (c) Example Ltd
//
//   Replace  $$names$$ like these before use: 100% "quoted" // and nested

tpl	1.19   module  Example.CMDB.Host_Owner ;

metadata
    origin:='Example Ltd';
    __name :="Host owner"; tree_path:= 'Example','CMDB'  ,
        "Owner's" ; // three levels
end   metadata;
from CMDB.Host_ComputerSystem              import Host_ComputerSystem  2.0 ;
from   CMDB.SoftwareInstance_SoftwareServer import SoftwareInstance_SoftwareServer 4.0   as   SI_Server,
       Names 1.0;

table Owners 1.0
  "Codes of departments"
        'A'      ->   "Accounting" ,  10;
        'B'      ->   'Building "B"', 20 ;   // the old one
     // "C"   -> "Closed", 30;
    default->"nobody",0;
end table;

configuration Owner_Config 1.2 "Settings of the owner"
      "Suffix that is cut off"   suffix := ".example.org";
      "Prefixes"  prefixes := ["srv", "db",];
end configuration;

pattern Not_For_Sync 1.0
   """ end pattern inside of a text does not count """
   overview tags x; end overview;
   triggers on p := DiscoveredProcess where cmd matches unix_cmd "java" and args matches regex "-Dx=(\S+)"; end triggers;
   body
     x := discovery.runCommand(p, raw 'echo "%i"'); foo, ok := special.call(p);
   end body;
end pattern;

syncmapping Host_Owner_Ext 1.0
  '''
     Adds "owner" to computer systems.

     Change History:
     2021-09-27 1.0 : AB : Created.   
  '''
  overview
    tags   CMDB,Extension,   Example ;   datamodel 0,1,2,3,4 , 5, 6;
  end overview;
  constants
     unknown := "NoData";
     longest:= 0xFF;
     limit := longest - 55 ;
  end constants;

  mapping from Host_ComputerSystem.host
          from SI_Server.softwareinstance where type = "Tomcat" or ( version exists and   // odd
               name matches regex '(?i)^tom\s*cat' )
     as host
     // No additional structure
     traverse ElementWithDetail : Detail : Detail : Detail where type="SSL Certificate" as ssl_dt
        doc->BMC_Document ;
        traverse :: : Pattern as rel,maintainer
        end traverse;
     end traverse;
     traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as si
        group by_type
            app -> BMC_ApplicationSystem;
            expand group as member end expand;
        end group;
     end traverse;
  end mapping;

  body
     cs:=Host_ComputerSystem.computersystem or SI_Server.softwareserver or none;
     if cs=none then stop; end if;;

     owner := unknown; row:=Owners[ host.dept_code ];
     if row[ 1 ]>0 and not ( row[0]="nobody" ) then owner:=row[0]; elif host.owner<>'' then
     owner := "%host.owner%"; else
     // nothing is known

     end if;

     short := text.split(text.lower("%host.name%") , ".")[0];
     if short has substring Owner_Config.suffix or short has subword "srv" then short := text.replace(short, Owner_Config.suffix, ''); end if;
     for prefix in Owner_Config.prefixes do if short matches expand(regex "^%p%\d+", prefix) then
         log.debug("100% sure: %%p%% of %short%"); break; end if; end for;

     data := table( name := short , $on := true );
     data [ 'limit' ] := limit * 2 - - 1 ; data["tags"]:=void;

     cs.Owner             := owner  ;
     cs . ShortDescription:= "Owned by %owner% since %host.first_seen%; a rather long text, which goes on and on, up to the end of the line and beyond" + short;
     for each ssl_dt do
         doc:= sync.shared.BMC_Document(
                                         key:= ssl_dt.key,
                                         Name:= ssl_dt.name,   ShortDescription  := ssl_dt.short_name or "none", // as it is
                                         Pages := size(data),
                                         Item:= "BMC Discovered" , namespace := "BMC.CORE"
                                         );
         names := [ ];
         for each rel,maintainer do list.append( names,maintainer.name ); end for;
         doc.Keywords := text.join(list.sorted(names , reverse:=true),"; ");
         doc.Pattern := ssl_dt.#Element:Maintainer:Pattern:Pattern.name;
         datamodel 5,6 do
         sync.rel.BMC_Dependency(Source:= doc, Destination:= cs, Name:= "CERTIFICATE" , Impacted := cs , ImpactWeight:=100);
         end datamodel;
     end for;
     for each si do
        ident := si.type;
        if not ident then continue; end if;
        group by_type with ident do
           all := [];
           for each member do list.append(all, member.key); end for;
           app := sync.BMC_ApplicationSystem(key := "%host.key%/%ident%", Name := ident, Members := number.toText(size(all), width := 3));
        end group;
     end for;
  end body;

end syncmapping;

  // the end
