import MNISTCommands

@main enum Main {
  static func main() {
    Program.run(DumpErrorsCommand.self)
  }
}
