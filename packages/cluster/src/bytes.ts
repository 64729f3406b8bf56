/** Whether a value is really the bytes that a type promises: applications in plain JavaScript promise nothing. */
export function isBytes(value: unknown): value is Uint8Array {
  // Of whatever realm: an array from another frame or a test's sandbox is no instance of ours.
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]'
}
