declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface SwaggerRequest {
    url: string;
    headers: Record<string, string>;
  }
  interface SwaggerSettings {
    url: string;
    dom_id: string;
    [setting: string]: unknown;
    requestInterceptor: (request: SwaggerRequest) => SwaggerRequest;
  }
  interface SwaggerUI {
    (settings: SwaggerSettings): unknown;
    presets: { apis: unknown };
  }
  const bundle: SwaggerUI;
  export default bundle;
}
