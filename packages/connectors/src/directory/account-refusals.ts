/**
 * Why Active Directory does not take a user: it says so in a number behind the text of its refusal.
 *
 * @module
 */

export interface AccountRefusal {
  readonly says: string
  readonly remedy: string
}

const password =
  'Look at user and password; the user is a name such as reader@example.org, or a whole distinguished name.'
const refusals: Readonly<Record<string, AccountRefusal>> = {
  '525': { says: 'there is no such user', remedy: password },
  '52e': { says: 'user or password are wrong', remedy: password },
  '530': {
    says: 'this user may not log on at this time',
    remedy: 'Change its logon hours, or take another user.',
  },
  '531': {
    says: 'this user may not log on from this machine',
    remedy: 'Let it log on from here, or take another user.',
  },
  '532': { says: 'the password of this user has expired', remedy: 'Set a new one, which does not expire.' },
  '533': { says: 'the account of this user is disabled', remedy: 'Enable it, or take another user.' },
  '701': { says: 'the account of this user has expired', remedy: 'Prolong it, or take another user.' },
  '773': {
    says: 'this user has to change its password first',
    remedy: 'Set a new one, which does not have to be changed at the next logon.',
  },
  '775': {
    says: 'the account of this user is locked, because a wrong password was given too often',
    remedy: 'Unlock it, and look where the wrong password comes from.',
  },
}

/** Of a text such as `80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v3839`. */
export function accountRefusalOf(message: string): AccountRefusal | undefined {
  const [, number = ''] = /AcceptSecurityContext error, data ([0-9a-f]+)/i.exec(message) ?? []
  return refusals[number.toLowerCase()]
}
