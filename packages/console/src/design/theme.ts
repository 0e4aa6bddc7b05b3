/**
 * Colour, space and type of everything that is shown. Pages take from here and state none of their own.
 *
 * @module
 */
import { createTheme, type MantineColorsTuple } from '@mantine/core'
import { texts } from '../texts/texts.ts'

const brand: MantineColorsTuple = [
  '#eef3ff',
  '#dbe4fb',
  '#b5c7f4',
  '#8ba8ee',
  '#688de8',
  '#527de5',
  '#4775e4',
  '#3863cb',
  '#2f58b6',
  '#214ca1',
]
const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f1f3f6',
  '#e6e9ee',
  '#d5dae2',
  '#b4bcc8',
  '#8a94a3',
  '#5f6a7a',
  '#465061',
  '#2e3745',
  '#1a212c',
]
const dark: MantineColorsTuple = [
  '#d5dae3',
  '#a9b2c0',
  '#8d97a8',
  '#5f697a',
  '#3a4352',
  '#2b323e',
  '#222833',
  '#191e27',
  '#141820',
  '#0e1117',
]

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: 7,
  colors: { brand, gray, dark },
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1.0625rem' }, h3: { fontSize: '0.9375rem' } },
  },
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500, miw: 'max-content' } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm', fz: 'sm' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 200, multiline: true, maw: 360 } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': texts.common.close } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': texts.common.close } } },
    Paper: { defaultProps: { withBorder: true, radius: 'md' } },
  },
})

/** Of what is well, wants a look, is wrong, goes on, or says nothing: everywhere the same. */
export const tones = { good: 'teal', wait: 'yellow', bad: 'red', busy: 'brand', quiet: 'gray' } as const
export type Tone = keyof typeof tones
