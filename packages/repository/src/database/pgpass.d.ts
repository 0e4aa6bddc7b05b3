declare module 'pgpass' {
  /** @param about Host, port, database and user of a connection. */
  function passwordOf(about: unknown, found: (password: string | undefined) => void): void
  export = passwordOf
}
