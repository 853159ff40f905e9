import { PostgreSqlContainer } from "@testcontainers/postgresql";
import { TEST_SERVER_SETTINGS } from "./server-settings.js";
import type { TestServer } from "./test-server.js";

/** What Testcontainers says when neither a socket nor DOCKER_HOST leads to an engine. */
const NO_ENGINE = "Could not find a working container runtime strategy";

type ContainerAttempt = { server: TestServer } | { engineAnswered: boolean; reason: string };

export async function startContainerServer(image: string): Promise<ContainerAttempt> {
  try {
    const container = await new PostgreSqlContainer(image)
      .withCommand(["postgres", ...TEST_SERVER_SETTINGS.flatMap((setting) => ["-c", setting])])
      .start();
    return {
      server: {
        url: container.getConnectionUri(),
        origin: `in a container from ${image}`,
        stop: async () => {
          await container.stop();
        },
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { engineAnswered: !reason.includes(NO_ENGINE), reason };
  }
}
