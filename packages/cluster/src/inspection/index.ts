export { type Gap, type InspectedEntry, type InspectedLog, inspectedEntry, inspectLog } from './inspected-log.ts'
export { type Preview, preview, type ToldEntry, toldEntry } from './told-entry.ts'
