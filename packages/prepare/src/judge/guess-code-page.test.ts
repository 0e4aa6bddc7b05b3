import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { guessCodePage } from './guess-code-page.ts'

test.each([
  ['windows-1250', '1,Wiśniewski Łukasz,Łódź\n2,Dvořák Jiří, Plzeň\n'],
  ['windows-1250', 'Wałęsa;Gdańsk\nMałgorzata;Białystok\nŻółkiewski;Częstochowa\nBąk;Dąbrowa\n'],
  ['iso-8859-2', 'Wałęsa;Gdańsk\nŚwiątek;Częstochowa\nŻółkiewski;Wąchock\nBąk;Świdnica\nŹrebak;Łódź\n'],
  ['windows-1252', 'René;Zoë\nJürgen Müller;Zürich\nFrançois;Orléans\nSørensen;Ærø\nÅse;Malmö\n'],
  [
    'windows-1252',
    'Œuvre;cœur\n¿Qué?;niño\nPrice £5;£m\n20 m²;5 µm\n“quoted”;it’s — 12€\n™;©Acme\nŠkoda;Žižka\n',
  ],
  // One sign alone, however often, is somebody's way of writing.
  ['windows-1252', 'Budget of £million\nBudget of £million\nBudget of £million\nBudget of £million\nÉcole\n'],
  ['windows-1252', 'nothing\n'],
])('%s: %j', (encoding, text) => {
  expect(guessCodePage(iconv.encode(text, encoding))).toBe(encoding)
})
