/** The schemas that hold one customer each, by the legacy system's naming. */
export const DEFAULT_TENANT_PATTERN = /^user_[0-9]+$/;
