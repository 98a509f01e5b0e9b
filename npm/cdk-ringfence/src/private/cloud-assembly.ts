/** Reading the cloud assembly that a validation plugin is asked about. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { ask } from './engine';
import type { Report } from './report';

const MANIFEST = 'manifest.json';

/** A cloud assembly in a folder. */
export class AssemblyFolder {
  /** The outermost assembly that the template belongs to: stages have assemblies of their own inside of it. */
  public static around(templatePath: string): AssemblyFolder {
    let folder = dirname(templatePath);
    for (let above = dirname(folder); existsSync(join(above, MANIFEST)); above = dirname(folder)) {
      folder = above;
    }
    return new AssemblyFolder(folder);
  }

  private constructor(public readonly folder: string) {}

  /** What the rulebook says of everything in it: what one template exports, another may import. */
  public check(): Report {
    return JSON.parse(ask('checkFilesJson', '', JSON.stringify(this.files()))) as Report;
  }

  /** The path of a file that a report names. */
  public path(file: string): string {
    return join(this.folder, file);
  }

  /** The name that a report has for the file at `path`. */
  public name(path: string): string {
    return relative(this.folder, path).split(sep).join('/');
  }

  /** The texts of the files that the manifest and the templates lead to, by their names inside the assembly. */
  private files(): Record<string, string> {
    const texts: Record<string, string> = {};
    const absent = new Set<string>();
    for (;;) {
      const missing = JSON.parse(ask('missingFilesJson', JSON.stringify(texts))) as string[];
      const wanted = missing.filter((name) => !absent.has(name));
      if (wanted.length === 0) {
        return texts;
      }
      for (const name of wanted) {
        const path = this.path(name);
        if (existsSync(path)) {
          texts[name] = readFileSync(path, 'utf-8');
        } else {
          absent.add(name);
        }
      }
    }
  }
}
