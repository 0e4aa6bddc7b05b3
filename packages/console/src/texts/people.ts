export const peopleTexts = {
  signIn: 'Sign in',
  token: 'Access token',
}
