-- Hides a secret, such as a password: `model/src/entity/secret.ts` has the same, and says what the text is. What is hidden already, empty or
-- null stays as it is. `place`: what the salt is made of, so that two rows with one secret have different texts.
create function sluice_hide_secret(secret text, place text) returns text
language plpgsql immutable strict parallel safe set search_path from current as $body$
declare
  salt bytea;
  hashed bytea;
  size integer;
begin
  if secret = '' or (length(secret) = 99 and secret ~ '^\$s2k\$sha256\$65536\$[0-9a-f]{16}\$[0-9a-f]{64}$') then
    return secret;
  end if;
  salt := substring(sha256(convert_to(place, 'UTF8')) for 8);
  hashed := salt || convert_to(secret, 'UTF8');
  size := greatest(65536, octet_length(hashed));
  -- Each step doubles what is there.
  while octet_length(hashed) < size loop
    hashed := hashed || hashed;
  end loop;
  return '$s2k$sha256$65536$' || encode(salt, 'hex') || '$' || encode(sha256(substring(hashed for size)), 'hex');
end $body$;
