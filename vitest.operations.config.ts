import { defineConfig, mergeConfig } from 'vitest/config'
import base, { operations } from './vitest.config.ts'

const { exclude: _, ...test } = base.test ?? {}

export default mergeConfig(
  defineConfig({ test: { ...test, include: [] } }),
  // Some are stories, of which each step takes long.
  defineConfig({ test: { include: [operations], sequence: { shuffle: false } } }),
)
