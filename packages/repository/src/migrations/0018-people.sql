-- People who sign in at servers: their accounts, their sessions, and the log of what was done by whom.
create table sluice_account (
  name text collate "C" primary key,
  role text not null check (role in ('viewer', 'editor', 'operator', 'admin')),
  email text,
  -- Argon2id with its parameters, as a PHC string; null: the person signs in through OpenID Connect.
  password_hash text,
  password_set_at timestamptz,
  -- By whom, and as whom, OpenID Connect knows the person.
  issuer text collate "C",
  subject text collate "C",
  disabled_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  last_sign_in_at timestamptz,
  check ((issuer is null) = (subject is null)),
  check ((password_hash is null) = (issuer is not null))
);
-- Nobody tells Ada and ada apart.
create unique index sluice_account_name on sluice_account (lower(name));
create unique index sluice_account_subject on sluice_account (issuer, subject);

-- Who is signed in: a person with an account, or whoever has brought a token.
create table sluice_session (
  session_id uuid primary key default gen_random_uuid(),
  secret_sha256 bytea not null unique,
  account text collate "C" references sluice_account on update cascade on delete cascade,
  token text collate "C" references sluice_token on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  -- Unseen for so long, it ends before its end.
  idle interval not null,
  ends_at timestamptz not null,
  address text not null,
  user_agent text,
  check ((account is null) <> (token is null))
);
create index sluice_session_account on sluice_session (account);
create index sluice_session_token on sluice_session (token);
create index sluice_session_ends on sluice_session (ends_at);

-- Browsers that are at a provider of OpenID Connect in this moment.
create table sluice_open_id_sign_in (
  -- Of what the browser keeps in a cookie.
  secret_sha256 bytea primary key,
  state text not null,
  nonce text not null,
  code_verifier text not null,
  -- Where the person goes on in the console.
  return_to text not null,
  ends_at timestamptz not null
);

-- Who changed or tried what, from where.
create table sluice_audit (
  position bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- As in runs; null: nobody that is known.
  by_kind text,
  by_name text collate "C",
  address text,
  -- The name of the request in the protocol, such as approveRun.
  action text collate "C" not null,
  -- What it was about, as its address says it.
  subject text not null,
  -- Of the answer.
  status integer not null,
  code text
);
create index sluice_audit_at on sluice_audit (at);
create index sluice_audit_by on sluice_audit (by_name, position);
