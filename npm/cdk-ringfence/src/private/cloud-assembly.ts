/** Reading the cloud assembly that a validation plugin is asked about. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ask } from './engine';
import type { Report } from './report';

const MANIFEST = 'manifest.json';

/** What the CDK calls templates, those of nested stacks among them, and the metadata of stacks. */
const LIKELY = /\.(template|metadata)\.json$/;

/** Texts by their names inside the assembly. */
type Files = Record<string, string>;

/** A cloud assembly in a folder. */
export class AssemblyFolder {
  /** The outermost assembly that the template belongs to: stages have assemblies of their own inside of it. */
  public static around(templatePath: string): AssemblyFolder {
    let folder = dirname(templatePath);
    while (isInside(dirname(folder), basename(folder))) {
      folder = dirname(folder);
    }
    return new AssemblyFolder(folder);
  }

  private constructor(public readonly folder: string) {}

  /** What the rulebook says of everything in it: what one template exports, another may import. */
  public check(): Report {
    const files = this.likelyFiles();
    const report = ask('checkFiles', files);
    // Nearly always the likely files are all there is. If not, the model says which others it wants.
    return report.status === 'unusable' && this.addMissing(files) ? ask('checkFiles', files) : report;
  }

  /** Whether the CDK has yet to look up more than the names of zones: until then other values stand in for what it will find. */
  public lacksContext(): boolean {
    const { missing = [] } = JSON.parse(readFileSync(this.path(MANIFEST), 'utf-8')) as { missing?: { provider: string }[] };
    return missing.some(({ provider }) => provider !== 'availability-zones');
  }

  /** The path of a file that a report names. */
  public path(file: string): string {
    return join(this.folder, file);
  }

  /** The texts of the files that an assembly of the CDK has its stacks in, by their names inside the assembly. */
  private likelyFiles(): Files {
    const files: Files = {};
    const folders = [''];
    for (let prefix = folders.pop(); prefix !== undefined; prefix = folders.pop()) {
      for (const entry of readdirSync(this.path(prefix), { withFileTypes: true })) {
        const name = prefix + entry.name;
        if (entry.isDirectory() && entry.name.startsWith('assembly-')) {
          folders.push(`${name}/`);
        } else if (entry.isFile() && (entry.name === MANIFEST || LIKELY.test(entry.name))) {
          files[name] = readFileSync(this.path(name), 'utf-8');
        }
      }
    }
    return files;
  }

  /** Adds the files that the manifest and the templates lead to and that exist; says whether there were any. */
  private addMissing(files: Files): boolean {
    const before = Object.keys(files).length;
    const absent = new Set<string>();
    for (;;) {
      const wanted = ask('missingFiles', files).filter((name) => !absent.has(name));
      if (wanted.length === 0) {
        return Object.keys(files).length > before;
      }
      for (const name of wanted) {
        if (existsSync(this.path(name))) {
          files[name] = readFileSync(this.path(name), 'utf-8');
        } else {
          absent.add(name);
        }
      }
    }
  }
}

/** Whether the folder `above` holds an assembly that has the one in its folder `name` inside: other things than assemblies
 * have manifests too. */
function isInside(above: string, name: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(above, MANIFEST), 'utf-8')) as { artifacts?: Record<string, Artifact> };
    return Object.values(manifest.artifacts ?? {})
      .some(({ type, properties }) => type === 'cdk:cloud-assembly' && properties?.directoryName === name);
  } catch {
    return false;
  }
}

/** What a manifest says of an assembly inside of it. */
interface Artifact {
  readonly type?: string;
  readonly properties?: { readonly directoryName?: string };
}
