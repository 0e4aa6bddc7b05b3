/**
 * Langium's services for TPL, made when they are first asked for.
 *
 * @module
 */
import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
} from 'langium'
import { TplGeneratedModule, TplGeneratedSharedModule } from './generated/module.ts'
import { TplLexer } from './tpl-lexer.ts'

let services: LangiumCoreServices | undefined

export function tplServices(): LangiumCoreServices {
  services ??= createServices()
  return services
}

function createServices(): LangiumCoreServices {
  const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), TplGeneratedSharedModule)
  const made = inject(createDefaultCoreModule({ shared }), TplGeneratedModule, {
    parser: { Lexer: (known: LangiumCoreServices) => new TplLexer(known) },
  })
  shared.ServiceRegistry.register(made)
  return made
}
