// Reads JSON as verify_draw.py does: in UTF-8 without a byte order mark, without duplicate keys, and
// with integers written as integers. JSON.parse takes all of these for something else, in silence.
import { Malformed } from "./verify_draw.js";

const LARGEST = 64 * 1024 * 1024; // bytes of a file
const DEEPEST = 100; // values inside values; the protocol's have four
const SPACE = /[ \t\n\r]*/y;
const WORD = /true|false|null/y;
const NUMBER = /-?[0-9][0-9.eE+-]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON refuses them, too
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

class Reader {
  constructor(text) {
    this.text = text;
    this.place = 0;
  }

  // What stands next and looks like this, or null.
  take(pattern) {
    pattern.lastIndex = this.place;
    const found = pattern.exec(this.text);
    if (found) this.place = pattern.lastIndex;
    return found ? found[0] : null;
  }

  // Whether this sign comes next, after spaces; it is read then.
  takeSign(sign) {
    this.take(SPACE);
    if (this.text[this.place] !== sign) return false;
    this.place += 1;
    return true;
  }

  expect(sign) {
    if (!this.takeSign(sign)) throw new Malformed(`It is not a JSON file: ${sign} is missing.`);
  }

  value(depth = 0) {
    if (depth > DEEPEST) throw new Malformed("It has too many values inside values.");
    if (this.takeSign("{")) return this.object(depth);
    if (this.takeSign("[")) return this.list(depth);
    const word = this.take(WORD);
    if (word) return JSON.parse(word);
    const number = this.take(NUMBER);
    return number ? readNumber(number) : this.string();
  }

  object(depth) {
    const value = Object.create(null); // so that "__proto__" is a field like any other
    if (this.takeSign("}")) return value;
    do {
      this.take(SPACE);
      const name = this.string();
      if (Object.hasOwn(value, name)) throw new Malformed("A field is there twice.");
      this.expect(":");
      value[name] = this.value(depth + 1);
    } while (this.takeSign(","));
    this.expect("}");
    return value;
  }

  list(depth) {
    const value = [];
    if (this.takeSign("]")) return value;
    do value.push(this.value(depth + 1));
    while (this.takeSign(","));
    this.expect("]");
    return value;
  }

  string() {
    const text = this.take(STRING);
    if (text === null) throw new Malformed("It is not a JSON file: a value is missing.");
    const value = JSON.parse(text);
    // An escape may stand for half a character, which no text in UTF-8 has.
    if (/\p{Surrogate}/u.test(value))
      throw new Malformed("It is not a JSON file: half a character.");
    return value;
  }
}

// An integer, and written as one: not 1.0, 1e0, -0, or more than numbers here can count.
function readNumber(text) {
  if (!/^(0|-?[1-9][0-9]{0,14})$/.test(text))
    throw new Malformed(`It has a number that is not written as an integer: ${text.slice(0, 40)}`);
  return Number(text);
}

function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Malformed("It is not a JSON file: it is not in UTF-8.");
  }
}

// Throws Malformed for a file of so many bytes where that is more than anybody needs.
export function refuseLarge(size) {
  if (size > LARGEST) throw new Malformed(`It is larger than ${LARGEST} bytes.`);
}

// The value of a JSON text, given as bytes (an ArrayBuffer); throws Malformed.
export function parseStrictly(bytes) {
  refuseLarge(bytes.byteLength);
  const reader = new Reader(decode(bytes));
  const value = reader.value();
  reader.take(SPACE);
  if (reader.place < reader.text.length)
    throw new Malformed("It is not a JSON file: something follows its end.");
  return value;
}
