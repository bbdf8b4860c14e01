import { FlaskConical } from "lucide-react";
import type { Bootstrap } from "#protocol/bff.ts";
import { CopyButton } from "#ui/copy-button.tsx";
import styles from "./demo-accounts.module.css";

type Demo = NonNullable<Bootstrap["demo"]>;

/** The accounts of the sandbox, and what the sandbox is not. */
export function DemoAccounts({ demo }: { demo: Demo }) {
  return (
    <section className={styles["card"]} aria-labelledby="demo-title">
      <h2 id="demo-title" className={styles["title"]}>
        <FlaskConical aria-hidden="true" /> Demonstration accounts
      </h2>
      <p className={styles["text"]}>{demo.banner}</p>
      <ul className={styles["accounts"]}>
        {demo.accounts.map((account) => (
          <li key={account.username} className={styles["account"]}>
            <span className={styles["role"]}>{roleWords[account.role] ?? account.role}</span>
            <Copied label={`user name of the ${account.role} account`} text={account.username} />
            <Copied label={`password of the ${account.role} account`} text={account.password} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const roleWords: Record<string, string | undefined> = {
  clinician: "Clinician",
  front_desk: "Front desk",
  administrator: "Administrator",
};

function Copied({ label, text }: { label: string; text: string }) {
  return (
    <span className={styles["copied"]}>
      <code className={styles["code"]}>{text}</code>
      <CopyButton text={text} what={label} said="Copied" />
    </span>
  );
}
