/** Renders again when the page speaks otherwise: for the roots, and for parts that render only when their props change. */
import { useSyncExternalStore } from 'react'
import { type Language, language, onWords, wordsVersion } from './language.ts'

export function useLanguage(): Language {
  useSyncExternalStore(onWords, wordsVersion)
  return language()
}
