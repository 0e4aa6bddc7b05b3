import { defineConfig, mergeConfig } from 'vitest/config'
import base, { operations } from './vitest.config.ts'

const { exclude: _, ...test } = base.test ?? {}

export default mergeConfig(
  defineConfig({ test: { ...test, include: [] } }),
  defineConfig({ test: { include: [operations] } }),
)
