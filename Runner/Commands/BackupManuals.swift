/// The manuals of `backup` and `restore`.
extension Manual {
    static let backup = Manual(
        command: .backup, synopsis: "runner backup [FOLDER|FILE.tar] [OPTION...]",
        summary: "Make a backup while everything runs, or check one with --verify.",
        description: [
            """
            Copies a snapshot of the database and all files of its documents. Later changes are not included. The gateway \
            need not be stopped. The backup is a folder, or an archive if the name ends in .tar. Its manifest, with the \
            SHA-256 of each file, is written last, so a backup is either complete or missing.
            """,
            """
            On the same disk as the data, uploaded files are linked, not copied. That protects against mistakes but not \
            against the loss of the disk. On another disk, --incremental copies only the files that FOLDER does not have. \
            The new backup replaces the old one when it is complete. Every backup reads every file: a linked file is \
            checked against its SHA-256, and a file that is corrupt in the old backup is taken from the data folder. If it \
            is corrupt there, too, no backup is made. A backup of another installation is never updated.
            """,
            """
            Without an operand, it makes a new backup in the folder BACKUP_DIR, linked to the previous one, and keeps the \
            last BACKUP_KEEP (7). If BACKUP_EVERY is set, such as to 24h, run-jobs does that automatically.
            """,
            """
            A backup contains the installation's secrets and all documents; only its owner can read it. It does not contain \
            the counters of the rate limits.
            """,
        ],
        operand: "[FOLDER|FILE.tar]",
        examples: [
            "runner backup /mnt/backup/today", "runner backup /mnt/backup/current --incremental",
            "runner backup today.tar", "runner backup --verify /mnt/backup/today",
        ],
        exitStatus: [
            ("0", "The backup was made, or is complete."), ("1", "It was not made, or is damaged."),
            ("64", "Invalid command line."), ("78", "Invalid configuration, or no function backup."),
            ("130", "Interrupted; the partial backup was removed."),
        ])

    static let restore = Manual(
        command: .restore, synopsis: "runner restore FOLDER|FILE.tar [OPTION...]",
        summary: "Restore the data folder from a backup.",
        description: [
            """
            Checks the whole backup, builds a data folder from it beside DATA_DIR, and then renames that in one step. \
            Nothing changes if the backup is damaged, if the data folder is not empty (unless --force is given, which \
            renames it), or if a process uses the data folder: stop the gateway first. Run it as the same user as the \
            functions.
            """
        ],
        operand: "FOLDER|FILE.tar",
        examples: [
            "runner restore /mnt/backup/today", "runner restore today.tar --data /var/lib/ainexlayer --force",
        ],
        exitStatus: [
            ("0", "The data folder was restored."), ("1", "Nothing was changed."),
            ("64", "Invalid command line."), ("78", "Invalid configuration, or no function backup."),
            ("130", "Interrupted; nothing was changed."),
        ])
}
