/** A part of the page that is fetched when it is first shown, and not shown before its words are here in the language spoken. */
import { type ComponentType, lazy } from 'react'
import { wordsReady } from './language.ts'

export const lazyPart = <Props>(load: () => Promise<{ default: ComponentType<Props> }>) =>
  lazy(async () => {
    const part = await load()
    await wordsReady()
    return part
  })
