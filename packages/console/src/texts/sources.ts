export const sourceTexts = {}
