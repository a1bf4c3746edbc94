import MNISTCommands

@main enum Main {
  static func main() {
    Program.run(TrainCommand.self)
  }
}
