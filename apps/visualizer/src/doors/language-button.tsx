/** Changes to the other language: two, so that one button does. */
import { doors } from '../words/doors.ts'
import { chooseLanguage, otherLanguage } from '../words/language.ts'
import { useLanguage } from '../words/use-language.ts'

export function LanguageButton() {
  useLanguage()
  const other = otherLanguage()
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
