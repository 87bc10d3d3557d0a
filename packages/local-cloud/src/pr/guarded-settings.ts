import type { Company } from "../company/company";
import type { LocalSettings } from "../company/local-settings";

/** What guards the customers. Elsewhere the local stack goes without, so that any change can be tried. */
const guards = ["protect", "removalLimit", "approvedChanges"];

/** The local stack's settings with the company's own guards: the pull request is judged as in CI. */
export function keepGuards(settings: LocalSettings, { given }: Pick<Company, "given">): LocalSettings {
  const config = { ...settings.config };
  for (const key of guards) {
    const name = `${given.project}:${key}`;
    const own = given.settings.find((setting) => setting.key === key);
    delete config[name];
    // What Pulumi.yaml says, the local stack has from there.
    if (own && own.file === given.file) config[name] = own.renderYaml();
  }
  const isOfGuard = (notice: string) =>
    guards.some((key) => / is (replaced|kept): /.test(notice) && notice.includes(` ${key} is `));
  return { ...settings, config, notices: settings.notices.filter((notice) => !isOfGuard(notice)) };
}
