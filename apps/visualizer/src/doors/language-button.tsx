/** Changes to the other language: two, so that one button does. */
import { doors } from '../words/doors.ts'
import { chooseLanguage, language } from '../words/language.ts'
import { useLanguage } from '../words/use-language.ts'

export function LanguageButton() {
  useLanguage()
  const other = language() === 'en' ? 'de' : 'en'
  return (
    <button
      type="button"
      className="button quiet language"
      lang={other}
      aria-label={doors().otherLanguage}
      title={doors().otherLanguage}
      onClick={() => void chooseLanguage(other)}
    >
      {other.toUpperCase()}
    </button>
  )
}
