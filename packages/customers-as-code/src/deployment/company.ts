// What the company runs, as its files say it: read, and checked as a whole before anything is declared.

import type { PlaceOfImport, TenantImports } from "../customers/import-data";
import { loadImports } from "../customers/imports";
import { type CustomerDeclaration, loadCustomers } from "../customers/load-customers";
import { checkDelivery } from "../delivery/check-delivery";
import { checkApiType, needsPolicies } from "../gateway/api-type";
import type { CheckedBackends } from "../gateway/backends/check-backends";
import { loadBackends } from "../gateway/backends/load-backends";
import type { CompiledApi } from "../openapi/document";
import { loadDocument } from "../openapi/load-document";
import { failOnProblems } from "../problems/fail";
import type { Settings } from "../settings/settings";

export interface Company {
  api: CompiledApi;
  /** Of all stacks that share them, in the order of the files' names. */
  customers: CustomerDeclaration[];
  /** What the tenant has already. */
  imports: TenantImports;
  placeOfImport: PlaceOfImport;
  backends: CheckedBackends["backends"];
}

/** @throws {ProgramRefusedError} with everything that is wrong with any of it */
export function loadCompany(settings: Settings): Company {
  const document = loadDocument(settings.openapi, settings.publicRoutes, needsPolicies(settings));
  const declared = loadCustomers(settings.customers, Object.keys(document.api.scopes), {
    stack: settings.placement.main,
    plans: settings,
  });
  const existing = loadImports(settings.customers, settings.domain, declared);
  const behind = loadBackends(settings, document);
  const ofType = checkApiType({ settings, api: document.api, ...declared });
  const readable = checkDelivery(declared.customers, settings);
  failOnProblems(document, declared, existing, behind, ofType, readable);
  return {
    api: document.api,
    customers: declared.customers,
    imports: existing.imports,
    placeOfImport: existing.placeOf,
    backends: behind.backends,
  };
}
