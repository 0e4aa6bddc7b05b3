/** Where a browser begins to sign in through OpenID Connect, below the address of the server, and where it comes back. */
export const openIdConnectPath = 'sign-in/open-id'
export const callbackPath = `${openIdConnectPath}/callback`
